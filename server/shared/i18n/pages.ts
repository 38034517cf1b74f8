import { defineMessages } from './define-messages.ts';

/** Pages that help, and the choice of a language. */
export const pages = defineMessages(
  {
    language: 'English',
    languages: 'Language',
    'go-to-lobby': 'Go to the lobby',
    'did-you-mean': 'Did you mean',
  },
  {
    language: '中文',
    languages: '语言',
    'go-to-lobby': '去大厅',
    'did-you-mean': '你要找的是不是',
  },
);
