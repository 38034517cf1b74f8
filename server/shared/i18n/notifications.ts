import { defineMessages } from './define-messages.ts';

/** Notifications on the desktop. */
export const notifications = defineMessages(
  {
    'notify-of': 'Notify me of',
    'notify-all': 'Every message',
    'notify-mentions': 'Mentions of my name',
    'notify-none': 'Nothing',
    'notify-on': 'Notifications are on for {room}',
    'notify-unsupported': 'This browser does not let web pages show notifications.',
    'notify-insecure': 'The browser allows notifications only for an address with https.',
    'notify-denied':
      'The browser does not allow notifications from here. Its settings for this page can change that.',
    'notify-nameless': 'Take a name, so that others can mention you.',
  },
  {
    'notify-of': '通知我',
    'notify-all': '所有消息',
    'notify-mentions': '提到我的消息',
    'notify-none': '不通知',
    'notify-on': '已开启“{room}”的通知',
    'notify-unsupported': '此浏览器不支持网页通知。',
    'notify-insecure': '浏览器只允许 https 地址发送通知。',
    'notify-denied': '浏览器不允许这里发送通知，可以在浏览器的网站设置中更改。',
    'notify-nameless': '取一个名字，别人才能提到你。',
  },
);
