import { messagesFor } from '../../server/shared/i18n.ts';

/** The part of a page's document that its texts are read from, with all the English texts. */
export const documentWithTexts = {
  documentElement: { lang: 'en' },
  getElementById: () => ({ textContent: JSON.stringify(messagesFor('en')) }),
};
