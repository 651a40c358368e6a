import { writeAttribute } from '../profile-attributes.ts';
import { attributeFields } from './fields.ts';
import { serverRefusal } from './form.ts';
import type { Step, StepContext } from './step.ts';
import { validateFields } from './validate-fields.ts';

/** The profile form; signing in came before, here or in an earlier journey of this browser. */
export const editProfileStep: Step = {
  page: {
    kind: 'self-asserted',
    heading: 'User Details',
    intro: 'Please change what you like.',
    continueLabel: 'Continue',
    fields: ({ request }) => attributeFields(request.policy),
  },
  submit: submitProfile,
};

function submitProfile({ tenant, transaction, form }: StepContext): ReturnType<Step['submit']> {
  const { request, verification, accountOid = '' } = transaction;
  const errors = validateFields(attributeFields(request.policy), form, verification);
  if (errors) return errors;
  const account = tenant.accounts.get(accountOid);
  if (!account) return serverRefusal('The account no longer exists.');
  for (const id of request.policy.attributes) {
    writeAttribute(account, id, form.get(id)?.trim() ?? '');
  }
  return { kind: 'signed_in', accountOid, claims: {} };
}
