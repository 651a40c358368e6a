export type { SignIn } from './app.ts';
export type { SignInConfig } from './config/settings.ts';
export { SignInError } from './errors.ts';
export type { User } from './oidc/claims.ts';
export type { UserConditions } from './routes/require-user.ts';
export { createSignIn, type SignInOptions } from './sign-in.ts';
