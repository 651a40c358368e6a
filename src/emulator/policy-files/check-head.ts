import type { Origin } from '../policy/origin.ts';
import { PLACEHOLDER } from './app-settings.ts';
import type { Report } from './rules.ts';
import { attributeOf, attributeValue, type XmlElement } from './xml-element.ts';

const RECORDER = 'urn:journeyrecorder:applicationinsights';

/** Checks the attributes of the root. */
export function checkHead(root: XmlElement, report: Report): void {
  const id = attributeOf(root, 'PolicyId');
  if (id && !/^B2C_1A_/i.test(id.value)) report('policy-id-prefix', id, { id: id.value });
  const recorder = attributeOf(root, 'UserJourneyRecorderEndpoint');
  const mode = attributeValue(root, 'DeploymentMode') ?? '';
  if (recorder && recorder.value !== RECORDER) {
    report('recorder-endpoint', recorder, { problem: `is "${recorder.value}"` });
  } else if (recorder && !/^Development$|\{Settings:/i.test(mode)) {
    report('recorder-endpoint', recorder, { problem: 'needs DeploymentMode="Development"' });
  }
}

/** Reports placeholders without a value, anywhere in a file. */
export function checkPlaceholders(element: XmlElement, report: Report): void {
  for (const attribute of element.attributes) checkText(attribute.value, attribute, report);
  checkText(element.text, element, report);
  for (const child of element.children) checkPlaceholders(child, report);
}

function checkText(text: string, at: Origin, report: Report): void {
  if (!text.includes('{')) return;
  for (const [placeholder] of text.matchAll(PLACEHOLDER)) {
    report('setting-without-value', at, { placeholder });
  }
}
