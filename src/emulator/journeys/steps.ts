import type { PolicyKind } from '../definition/policy.ts';
import { editProfileStep } from './edit-profile.ts';
import type { StepName } from './journey.ts';
import { resetEmailStep, resetPasswordStep } from './reset-password.ts';
import { emailFactorStep, phoneFactorStep, totpFactorStep } from './second-factor.ts';
import { signInStep } from './sign-in.ts';
import { signUpStep, socialSignUpStep } from './sign-up.ts';
import type { Step } from './step.ts';

export const STEPS: Record<StepName, Step> = {
  sign_in: signInStep,
  sign_up: signUpStep,
  social_sign_up: socialSignUpStep,
  phone_factor: phoneFactorStep,
  email_factor: emailFactorStep,
  totp_factor: totpFactorStep,
  reset_email: resetEmailStep,
  reset_password: resetPasswordStep,
  edit_profile: editProfileStep,
};

/** The first page of a browser without a session. The password grant has no pages. */
export const FIRST_STEPS: Record<PolicyKind, StepName> = {
  signUpOrSignIn: 'sign_in',
  signIn: 'sign_in',
  signUp: 'sign_up',
  editProfile: 'sign_in',
  resetPassword: 'reset_email',
  passwordGrant: 'sign_in',
};
