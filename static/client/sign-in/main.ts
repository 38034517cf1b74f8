import { storedToken } from '../connection/guest-identity.ts';

/* The page to sign in: what the guest of this tab had is carried over to the name. */

const field = document.querySelector<HTMLInputElement>('input[name="guest"]');
if (field) field.value = storedToken() ?? '';
