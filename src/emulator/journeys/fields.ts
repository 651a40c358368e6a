import { profileAttribute } from '../profile-attributes.ts';
import type { Policy } from '../tenant.ts';
import type { Field } from './form.ts';

export const PASSWORD_FIELDS: Field[] = [
  { kind: 'password', claim: 'newPassword', label: 'New Password' },
  { kind: 'password', claim: 'reenterPassword', label: 'Confirm New Password' },
];

export function attributeFields(policy: Policy): Field[] {
  return policy.attributes.map((id) => {
    const { label, required } = profileAttribute(id);
    return { kind: 'text', claim: id, label, required };
  });
}
