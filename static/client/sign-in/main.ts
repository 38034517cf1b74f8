import { forgetToken, storedToken } from '../connection/guest-identity.ts';

/* The pages where a guest signs in, or has their data erased: only the tab knows who its guest is. */

if (document.querySelector('[data-erased]')) forgetToken();
for (const field of document.querySelectorAll<HTMLInputElement>('input[name="guest"]'))
  field.value = storedToken() ?? '';
