import { defineMessages } from './define-messages.ts';

/** The owner of the server, and their pages. */
export const administration = defineMessages(
  {
    'become-owner': 'Own this server',
    'become-owner-hint':
      'The owner moderates every room and administers the server. This link works once.',
    'owner-password-hint': 'At least 8 characters. A new name gets this password.',
    'is-server-owner': 'You own this server.',
  },
  {
    'become-owner': '成为服务器所有者',
    'become-owner-hint': '所有者可以管理所有聊天室和整个服务器。此链接只能使用一次。',
    'owner-password-hint': '至少 8 个字符。新昵称将使用此密码。',
    'is-server-owner': '你是此服务器的所有者。',
  },
);
