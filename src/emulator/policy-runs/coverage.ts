/** Counts how often each branch of a policy was reached in some runs. */
import type { Origin } from '../policy/origin.ts';
import type { ClaimsExchange, OrchestrationStep, Policy, UserJourney } from '../policy/policy.ts';
import type {
  Precondition,
  TechnicalProfile,
  ValidationProfile,
} from '../policy/technical-profile.ts';
import type { ProfileTrace, StepTrace } from '../policy/trace.ts';

/** One thing that can happen in a journey: a step runs, is skipped, or calls a technical profile. */
export interface Branch extends Pick<Origin, 'file' | 'line'> {
  /** ID of the journey or sub journey. */
  readonly journey: string;
  readonly step: number;
  /** `runs`, `skipped: …`, `exchange ID`, or `PROFILE: validation ID`. */
  readonly branch: string;
  readonly hits: number;
}

/** The branches of a policy's journey, with their hits in one run. */
export function listBranches(policy: Policy, trace: readonly StepTrace[]): Branch[] {
  return journeysOf(policy).flatMap(({ id: journey, steps }) =>
    steps.flatMap((step) => {
      const visits = trace.filter(
        (visit) => visit.journey === journey && visit.order === step.order,
      );
      return branchesOf(step, visits).map((branch) => ({ ...branch, journey, step: step.order }));
    }),
  );
}

/** The journey and the sub journeys that its steps invoke. */
function journeysOf({ relyingParty }: Policy) {
  const found = new Set<Pick<UserJourney, 'id' | 'steps'>>();
  const visit = (journey: Pick<UserJourney, 'id' | 'steps'>) => {
    if (found.has(journey)) return;
    found.add(journey);
    for (const { subJourneys } of journey.steps) for (const inner of subJourneys) visit(inner);
  };
  visit(relyingParty.defaultUserJourney);
  return [...found];
}

type StepBranch = Omit<Branch, 'journey' | 'step'>;

function branchesOf(step: OrchestrationStep, visits: readonly StepTrace[]): StepBranch[] {
  const { preconditions, exchanges } = step;
  const ran = visits.filter(({ skipped }) => skipped !== 'precondition');
  const profiles = ran.flatMap((visit) => visit.profiles);
  return [
    { ...placeOf(step), branch: 'runs', hits: ran.length },
    ...preconditions.map((precondition) => skipBranch(precondition, visits)),
    ...exchanges.flatMap((exchange) => [
      ...(exchanges.length > 1 ? [exchangeBranch(exchange, profiles)] : []),
      ...validationsOf(exchange.profile).map((it) => validationBranch(it, exchange, profiles)),
    ]),
  ];
}

const exchangeBranch = (
  exchange: ClaimsExchange,
  profiles: readonly ProfileTrace[],
): StepBranch => ({
  ...placeOf(exchange),
  branch: `exchange ${exchange.id}`,
  hits: count(profiles, exchange.profile),
});

function validationBranch(
  validation: ValidationProfile,
  { profile: { id } }: ClaimsExchange,
  profiles: readonly ProfileTrace[],
): StepBranch {
  const calls = profiles.filter((trace) => trace.id === id).flatMap((trace) => trace.validations);
  const branch = `${id}: validation ${validation.profile.id}`;
  return { ...placeOf(validation), branch, hits: count(calls, validation.profile) };
}

const placeOf = ({ file, line }: Origin) => ({ file, line });

function skipBranch(precondition: Precondition, visits: readonly StepTrace[]): StepBranch {
  const { file, line, column, type, claimType, value, executeActionsIf } = precondition;
  const isSame = (origin: Origin) =>
    origin.line === line && origin.column === column && origin.file === file;
  const hits = visits.filter(({ preconditions }) =>
    preconditions.some((checked) => checked.isSatisfied && isSame(checked)),
  );
  const compared = value === undefined ? '' : ` ${value}`;
  const branch = `skipped: ${executeActionsIf ? '' : 'not '}${type} ${claimType.id}${compared}`;
  return { file, line, branch, hits: hits.length };
}

const validationsOf = (profile: TechnicalProfile): ValidationProfile[] => [
  ...profile.validationProfiles,
  ...profile.displayClaims.flatMap(({ displayControl }) =>
    (displayControl?.actions ?? []).flatMap(({ validationProfiles }) => validationProfiles),
  ),
];

/** Calls of a profile that were not skipped. */
const count = (traces: readonly ProfileTrace[], { id }: TechnicalProfile): number =>
  traces.filter((trace) => trace.id === id && trace.skipped === undefined).length;

export interface PolicyCoverage {
  readonly covered: number;
  readonly total: number;
  readonly branches: readonly Branch[];
  /** A line per branch that no run reached, and the sum. */
  readonly text: string;
}

/** Sums up what the runs of one policy have reached. */
export function policyCoverage(
  runs: readonly { readonly branches: readonly Branch[] }[],
): PolicyCoverage {
  const sums = new Map<string, Branch>();
  for (const branch of runs.flatMap(({ branches }) => branches)) {
    const key = JSON.stringify({ ...branch, hits: 0 });
    sums.set(key, { ...branch, hits: (sums.get(key)?.hits ?? 0) + branch.hits });
  }
  const branches = [...sums.values()];
  const missed = branches.filter(({ hits }) => hits === 0);
  const [total, covered] = [branches.length, branches.length - missed.length];
  const percent = total === 0 ? 100 : Math.floor((100 * covered) / total);
  const lines = missed.map(
    ({ file, line, journey, step, branch }) =>
      `${file}:${line}: not reached: ${journey} ${step}, ${branch}`,
  );
  return {
    covered,
    total,
    branches,
    text: [...lines, `${covered} of ${total} branches (${percent} %)`].join('\n'),
  };
}
