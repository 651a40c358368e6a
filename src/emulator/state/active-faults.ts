import type { Policy } from '../definition/policy.ts';

/** A fault that is switched on. */
export interface ActiveFault {
  fault: string;
  /** Responses left to change. Without it: until the fault is deleted. */
  times?: number;
  /** Name of the only policy to affect. Without it: all policies. */
  policy?: string;
  /** Delay of the slow faults. */
  delayMs?: number;
}

/** The faults that are switched on, in the order in which they apply. */
export type ActiveFaults = ActiveFault[];

/** The given faults that apply to a response of this policy. Counts one use of each. */
export function takeFaults(
  active: ActiveFaults,
  names: Record<string, unknown>,
  policy: Pick<Policy, 'name'>,
): ActiveFault[] {
  const taken = active.filter((fault) => {
    const isForPolicy = !fault.policy || fault.policy.toLowerCase() === policy.name.toLowerCase();
    return isForPolicy && Object.hasOwn(names, fault.fault);
  });
  for (const fault of taken) {
    if (fault.times === undefined) continue;
    fault.times -= 1;
    if (fault.times <= 0) active.splice(active.indexOf(fault), 1);
  }
  return taken;
}

/** Switches off the fault of one name, or without a name all faults. */
export function removeFaults(active: ActiveFaults, name: string | undefined): void {
  const kept = name === undefined ? [] : active.filter(({ fault }) => fault !== name);
  active.splice(0, active.length, ...kept);
}
