import { defineMessages } from './define-messages.ts';

/** Texts shared by many pages. */
export const pages = defineMessages(
  {
    language: 'English',
    languages: 'Language',
    'go-to-lobby': 'Go to the lobby',
    'did-you-mean': 'Did you mean',
    save: 'Save',
    cancel: 'Cancel',
    close: 'Close',
  },
  {
    language: '中文',
    languages: '语言',
    'go-to-lobby': '前往大厅',
    'did-you-mean': '你要找的是不是',
    save: '保存',
    cancel: '取消',
    close: '关闭',
  },
);
