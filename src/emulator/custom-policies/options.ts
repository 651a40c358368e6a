import type { OutsideSettings } from './outside-world.ts';
import type { PolicyFolderOptions, PolicyUpdate } from './watch-policies.ts';

/** A folder of custom policies, with their keys and REST APIs. */
export interface CustomPolicyOptions extends PolicyFolderOptions, OutsideSettings {
  /** Called after the start, and whenever the files have changed. */
  onUpdate?: (update: PolicyUpdate) => void;
}
