import { writeAttributes } from '../state/accounts.ts';
import { signedIn } from './factors.ts';
import { fieldStep } from './field-step.ts';
import { attributeFields } from './fields.ts';
import { serverError } from './form.ts';

/** The profile form. The user has signed in before, in this journey or through SSO. */
export const editProfileStep = fieldStep({
  intro: 'edit_profile_intro',
  continueLabel: 'button_continue',
  fields: attributeFields,
  accept({ journey, directory }, values) {
    const account = directory.accounts.get(journey.accountOid ?? '');
    if (!account) return serverError('UserMessageIfClaimsPrincipalNotFound');
    writeAttributes(account, journey.policy.attributes, values);
    return signedIn(journey);
  },
});
