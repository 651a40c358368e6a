/**
 * The page texts that code refers to. Templates use more. B2C's documentation of localization defines
 * most of the IDs.
 */
export const TEXT_IDS = [
  ...['heading', 'local_intro_email', 'local_intro_username', 'local_intro_generic'],
  ...['email', 'username', 'signInName', 'password', 'newPassword', 'reenterPassword'],
  ...['otpCode', 'requiredField_generic', 'requiredField_password', 'invalid_generic'],
  ...['UserMessageIfClaimsPrincipalDoesNotExist', 'UserMessageIfInvalidPassword'],
  ...['UserMessageIfUserAccountLocked', 'UserMessageIfUserAccountDisabled'],
  ...['UserMessageIfClaimsPrincipalAlreadyExists', 'UserMessageIfClaimsPrincipalNotFound'],
  'UserMessageIfVerificationControlClaimsNotVerified',
  ...['user_details', 'sign_up_intro', 'reset_email_intro', 'reset_password_intro'],
  ...['edit_profile_intro', 'email_factor_intro', 'totp_intro', 'totp_enrol_intro'],
  ...['button_create', 'button_continue', 'button_verify', 'required_field'],
  ...['error_requiredFieldMissing', 'error_fieldIncorrect', 'error_passwordEntryMismatch'],
  ...['error_incorrect_code', 'password_strong', 'password_simple', 'ver_incorrect_format'],
  ...['success_send_code_msg', 'success_verify_code_msg', 'failure_retry_msg'],
  ...['failure_code_expired_msg', 'failure_no_retry_msg', 'invalid_number'],
  ...['phone_heading', 'phone_known_intro', 'phone_entry_intro', 'enter_code_text_intro'],
] as const;

export type TextId = (typeof TEXT_IDS)[number];
