import { writeAttributes } from '../state/accounts.ts';
import { signedIn } from './factors.ts';
import { attributeFields } from './fields.ts';
import { serverError } from './form.ts';
import type { Step, StepContext, StepResult } from './step.ts';
import { validateFields } from './validate-fields.ts';

/** The profile form. The user has signed in before, in this journey or through SSO. */
export const editProfileStep: Step = {
  page: (journey) => ({
    kind: 'self-asserted',
    heading: 'user_details',
    intro: 'edit_profile_intro',
    continueLabel: 'button_continue',
    fields: attributeFields(journey),
  }),
  submit: submitProfile,
};

function submitProfile({ journey, directory, form }: StepContext): StepResult {
  const result = validateFields(attributeFields(journey), form, journey);
  if ('errors' in result) return result.errors;
  const account = directory.accounts.get(journey.accountOid ?? '');
  if (!account) return serverError('UserMessageIfClaimsPrincipalNotFound');
  writeAttributes(account, journey.policy.attributes, result.values);
  return signedIn(journey);
}
