import { defineMessages } from './define-messages.ts';

/** Desktop notifications. */
export const notifications = defineMessages(
  {
    'notify-of': 'Notify me about',
    'notify-all': 'All messages',
    'notify-mentions': 'Mentions',
    'notify-none': 'Nothing',
    'notify-on': 'Notifications are on for {room}',
    'notify-unsupported': "This browser doesn't support notifications from web pages.",
    'notify-insecure': 'Notifications need HTTPS.',
    'notify-denied': "Notifications are blocked. Allow them in your browser's site settings.",
    'notify-needs-name': 'Choose a name so others can mention you.',
  },
  {
    'notify-of': '通知我',
    'notify-all': '所有消息',
    'notify-mentions': '提及我的消息',
    'notify-none': '不通知',
    'notify-on': '已开启“{room}”的通知',
    'notify-unsupported': '此浏览器不支持网页通知。',
    'notify-insecure': '通知需要 HTTPS。',
    'notify-denied': '通知已被阻止，请在浏览器的网站设置中允许。',
    'notify-needs-name': '设置昵称后，别人才能提及你。',
  },
);
