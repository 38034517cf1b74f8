import { defineMessages } from './define-messages.ts';

/** What was written and is not said yet. */
export const sending = defineMessages(
  {
    sending: 'Sending…',
    waits: 'Waits for the connection',
    'not-confirmed': 'Not confirmed yet',
    withdraw: 'Withdraw',
    'send-now': 'Send now',
    'waits-spoken': 'Not connected. Your message waits, and is sent when the connection is back.',
    'too-many-wait': 'Too much is waiting for the connection. Your text is kept here.',
    stranded:
      'You are somebody else now. What was not confirmed is back here; see whether it was said before you send it.',
    'another-tab':
      'This tab is a copy. What waited is sent by the other one, and is back here as text.',
  },
  {
    sending: '正在发送…',
    waits: '等待连接',
    'not-confirmed': '尚未确认',
    withdraw: '撤回',
    'send-now': '立即发送',
    'waits-spoken': '未连接。消息会等着，连接恢复后自动发送。',
    'too-many-wait': '等待发送的消息太多了，文字已保留在这里。',
    stranded: '你的身份变了。没有确认的文字放回了这里，发送前请看看是否已经发出。',
    'another-tab': '这个标签页是副本。等待的消息由原来的标签页发送，文字也放回了这里。',
  },
);
