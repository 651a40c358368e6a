import type { Origin } from '../policy/origin.ts';
import { PLACEHOLDER } from './app-settings.ts';
import type { PolicyFile } from './policy-file.ts';
import type { Report } from './rules.ts';
import { attributeOf, attributeValue, type XmlElement } from './xml-element.ts';

const RECORDER = 'urn:journeyrecorder:applicationinsights';

/** Checks the attributes of the root, and placeholders anywhere in the file. */
export function checkHead(file: PolicyFile, report: Report): void {
  const { root } = file;
  const id = attributeOf(root, 'PolicyId');
  if (id && !/^B2C_1A_/i.test(id.value)) {
    report('policy-id-prefix', id, `The policy id "${id.value}" does not begin with B2C_1A_`);
  }
  const recorder = attributeOf(root, 'UserJourneyRecorderEndpoint');
  if (recorder && recorder.value !== RECORDER) {
    report('recorder-endpoint', recorder, `UserJourneyRecorderEndpoint is "${recorder.value}"`);
  } else if (
    recorder &&
    !/^Development$|\{Settings:/i.test(attributeValue(root, 'DeploymentMode') ?? '')
  ) {
    report(
      'recorder-endpoint',
      recorder,
      'UserJourneyRecorderEndpoint needs DeploymentMode="Development"',
    );
  }
  checkPlaceholders(root, report);
}

function checkPlaceholders(element: XmlElement, report: Report): void {
  for (const attribute of element.attributes) reportPlaceholder(attribute.value, attribute, report);
  if (element.text !== '') reportPlaceholder(element.text, element, report);
  for (const child of element.children) checkPlaceholders(child, report);
}

function reportPlaceholder(value: string, at: Origin, report: Report): void {
  if (!value.includes('{')) return;
  for (const [placeholder] of value.matchAll(PLACEHOLDER)) {
    report('setting-without-value', at, `${placeholder} has no value`);
  }
}
