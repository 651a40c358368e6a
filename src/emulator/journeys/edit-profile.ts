import { writeAttribute } from '../tenant/profile-attributes.ts';
import { attributeFields } from './fields.ts';
import { serverRefusal } from './form.ts';
import type { Step, StepContext } from './step.ts';
import { readFields, validateFields } from './validate-fields.ts';

/** The profile form; signing in came before, here or in an earlier journey of this browser. */
export const editProfileStep: Step = {
  page: () => ({
    kind: 'self-asserted',
    heading: 'user_details',
    intro: 'edit_profile_intro',
    continueLabel: 'button_continue',
    fields: attributeFields,
  }),
  submit: submitProfile,
};

function submitProfile({ tenant, transaction, form }: StepContext): ReturnType<Step['submit']> {
  const { request, language, accountOid = '', claims } = transaction;
  const fields = attributeFields(transaction);
  const errors = validateFields(fields, form, transaction);
  if (errors) return errors;
  const account = tenant.accounts.get(accountOid);
  if (!account) return serverRefusal(language.texts.UserMessageIfClaimsPrincipalNotFound);
  const typed = readFields(fields, form, transaction);
  for (const attribute of request.policy.attributes) {
    writeAttribute(account, attribute, typed[attribute.id] ?? '');
  }
  return { kind: 'signed_in', accountOid, claims };
}
