/** Questions to a trace that tests ask often. */
import type { ProfileTrace, RestTrace, StepTrace } from '../policy/trace.ts';

type Traced = { readonly trace: readonly StepTrace[] };

/** The steps that ran, as `JOURNEY ORDER`, in their order. */
export const stepsTaken = ({ trace }: Traced): string[] =>
  trace
    .filter(({ skipped }) => skipped === undefined)
    .map(({ journey, order }) => `${journey} ${order}`);

/** The technical profiles that ran, in their order; validation profiles come after their page. */
export const profilesRun = (run: Traced): string[] => allProfiles(run).map(({ id }) => id);

/** Requests to REST APIs with the claims that were sent, and the responses. */
export const restCalls = (run: Traced): (RestTrace & { readonly profile: string })[] =>
  allProfiles(run)
    .filter(({ handler }) => handler === 'rest')
    .flatMap(({ id, requests }) => requests.map((request) => ({ ...request, profile: id })));

function allProfiles({ trace }: Traced): ProfileTrace[] {
  const withValidations = (profile: ProfileTrace): ProfileTrace[] => [
    profile,
    ...profile.validations.flatMap(withValidations),
  ];
  return trace
    .flatMap(({ profiles }) => profiles)
    .flatMap(withValidations)
    .filter(({ skipped }) => skipped === undefined);
}
