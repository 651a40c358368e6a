export type { SignIn } from './app/app.ts';
export type { SignInConfig } from './config/settings.ts';
export { SignInError } from './errors.ts';
export { createSignIn, type SignInOptions } from './middleware.ts';
export type { User } from './oidc/claims.ts';
export type { UserConditions } from './routes/require-user.ts';
