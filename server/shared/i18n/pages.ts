import { defineMessages } from './define-messages.ts';

/** Texts shared by many pages. */
export const pages = defineMessages(
  {
    language: 'English',
    languages: 'Language',
    'go-to-lobby': 'Go to the lobby',
    'did-you-mean': 'Did you mean',
    appearance: 'Appearance',
    theme: 'Theme',
    'theme-system': 'System',
    'theme-light': 'Light',
    'theme-dark': 'Dark',
    density: 'Density',
    'density-cosy': 'Cosy',
    'density-compact': 'Compact',
    'name-and-password': 'Name and password',
    'more-settings':
      'Typing and the connection are in the settings of a room, notifications in its menu (⋯); they need JavaScript.',
    save: 'Save',
    cancel: 'Cancel',
    close: 'Close',
    label: '{label}: ',
    parentheses: ' ({text})',
  },
  {
    language: '中文',
    languages: '语言',
    'go-to-lobby': '前往大厅',
    'did-you-mean': '你要找的是不是',
    appearance: '外观',
    theme: '主题',
    'theme-system': '跟随系统',
    'theme-light': '浅色',
    'theme-dark': '深色',
    density: '密度',
    'density-cosy': '宽松',
    'density-compact': '紧凑',
    'name-and-password': '昵称与密码',
    'more-settings':
      '输入状态和连接方式在聊天室的设置中，通知在聊天室的菜单（⋯）中，均需要 JavaScript。',
    save: '保存',
    cancel: '取消',
    close: '关闭',
    label: '{label}：',
    parentheses: '（{text}）',
  },
);
