import { defineMessages } from './define-messages.ts';

/** Pending messages. */
export const sending = defineMessages(
  {
    sending: 'Sending…',
    waiting: 'Waiting for connection',
    'not-confirmed': 'Not confirmed yet',
    'cancel-sending': 'Cancel',
    'retry-now': 'Retry now',
    'offline-notice': "You're offline. Your message will be sent when you're back.",
    'outbox-full': 'Too many unsent messages. Your text is still here.',
    'identity-changed':
      'Your identity changed. Unconfirmed messages are back in the text field: check whether they were sent first.',
    'duplicate-tab':
      'This tab is a duplicate. The original sends the pending messages; here they are as text.',
  },
  {
    sending: '正在发送…',
    waiting: '等待连接',
    'not-confirmed': '尚未确认',
    'cancel-sending': '取消发送',
    'retry-now': '立即重试',
    'offline-notice': '未连接。消息将在连接恢复后自动发送。',
    'outbox-full': '未发送的消息太多，文字已保留在输入框中。',
    'identity-changed': '你的身份已变更。未确认的消息已放回输入框，发送前请先查看是否已经发出。',
    'duplicate-tab': '此标签页是副本。待发送的消息由原标签页发送，文字也已放在这里。',
  },
);
