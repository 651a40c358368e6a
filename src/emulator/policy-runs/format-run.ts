/** A run as text for the terminal. */
import { claimText } from '../policy/claim-text.ts';
import type { ClaimValue } from '../policy/claims-bag.ts';
import { describePrecondition } from '../policy/preconditions.ts';
import type {
  ClaimChange,
  PreconditionTrace,
  ProfileTrace,
  StepTrace,
  TransformationTrace,
} from '../policy/trace.ts';
import { describeResponse } from '../policy/trace-profile.ts';
import type { Paint } from '../policy-files/format-faults.ts';
import { pageSentence } from './page-view.ts';
import type { PolicyRun } from './run-policy.ts';

export function formatRun(run: PolicyRun, paint: Paint): string {
  return [...run.trace.flatMap((step) => formatStep(step, paint)), ...formatEnd(run, paint)].join(
    '\n',
  );
}

function formatStep(step: StepTrace, paint: Paint): string[] {
  const { journey, order, type, skipped, file, line } = step;
  const title = `${journey} ${order} ${type}`;
  const place = paint('dim', `${file}:${line}`);
  const checks = step.preconditions.map((checked) =>
    paint('dim', `  ${formatPrecondition(checked)}`),
  );
  if (skipped === 'precondition')
    return [`${paint('dim', `${title} skipped`)} ${place}`, ...checks];
  return [
    `${paint('bold', title)}${skipped === undefined ? '' : ` skipped: ${skipped}`} ${place}`,
    ...checks,
    ...step.pages.flatMap(({ contentDefinition, errors }) => [
      `  page ${contentDefinition ?? 'without a content definition'}`,
      ...errors.map((error) => paint('yellow', `    refused: ${error}`)),
    ]),
    ...step.profiles.flatMap((profile) => formatProfile(profile, paint)).map(indent),
    ...step.changes.map((change) => paint('cyan', `  ${formatChange(change)}`)),
    ...(step.error === undefined ? [] : [paint('red', `  error: ${step.error}`)]),
  ];
}

const indent = (line: string): string => `  ${line}`;

const formatPrecondition = (checked: PreconditionTrace): string =>
  `${describePrecondition(checked)}, ${checked.isSatisfied ? 'skips' : 'runs'} (ExecuteActionsIf ${checked.executeActionsIf})`;

function formatProfile(profile: ProfileTrace, paint: Paint): string[] {
  const { id, handler, role, session, skipped, error, requests, notes } = profile;
  if (skipped !== undefined) return [paint('dim', `${role} ${id} skipped: ${skipped}`)];
  return [
    `${role} ${id} (${handler})${session ? paint('dim', ` session ${session.profile}: ${session.decision}`) : ''}`,
    ...profile.transformations.map((one) => paint('dim', `  ${formatTransformation(one)}`)),
    ...formatClaims('in', profile.inputs),
    ...requests.flatMap((request) => [
      `  ${request.method} ${request.url} ${request.body ?? ''}`,
      `    ${describeResponse(request)}`,
    ]),
    ...profile.validations.flatMap((validation) => formatProfile(validation, paint)).map(indent),
    ...formatClaims('out', profile.outputs),
    ...notes.map((note) => paint('yellow', `  note: ${note}`)),
    ...(error === undefined ? [] : [paint('red', `  error: ${error}`)]),
  ];
}

function formatTransformation({ id, method, inputs, outputs }: TransformationTrace): string {
  return `${id} (${method}) ${listClaims(inputs)} → ${listClaims(outputs)}`;
}

const formatClaims = (name: string, claims: Readonly<Record<string, ClaimValue>>): string[] =>
  Object.keys(claims).length === 0 ? [] : [`  ${name} ${listClaims(claims)}`];

const listClaims = (claims: Readonly<Record<string, ClaimValue | undefined>>): string =>
  Object.entries(claims)
    .map(([name, value]) => `${name}=${value === undefined ? 'none' : show(value)}`)
    .join(' ');

function formatChange({ claim, before, after }: ClaimChange): string {
  if (before === undefined) return `+ ${claim} = ${show(after ?? '')}`;
  if (after === undefined) return `- ${claim} (was ${show(before)})`;
  return `~ ${claim} = ${show(after)} (was ${show(before)})`;
}

const MAX_LENGTH = 100;

function show(value: ClaimValue): string {
  const text = typeof value === 'string' ? `"${value}"` : claimText(value);
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
}

function formatEnd(
  { outcome, claims = {}, error, page, problem }: PolicyRun,
  paint: Paint,
): string[] {
  if (problem !== undefined) return [paint('red', problem)];
  if (outcome === 'token') {
    const rows = Object.entries(claims).map(
      ([name, value]) => `  ${name}: ${JSON.stringify(value)}`,
    );
    return [paint('green', 'token'), ...rows];
  }
  if (error) return [paint('red', `error ${error.code}: ${error.message}`)];
  return [paint('yellow', page ? pageSentence(page) : 'The journey waits.')];
}
