import { defineMessages } from './define-messages.ts';

/** Desktop notifications. */
export const notifications = defineMessages(
  {
    notifications: 'Notifications',
    'notify-all': 'All messages',
    'notify-mentions': 'Mentions',
    'notify-none': 'Off',
    'notify-on': 'Notifications are on for {room}',
    'notify-unsupported': "This browser doesn't support notifications from web pages.",
    'notify-insecure': 'Notifications need HTTPS.',
    'notify-denied': "Notifications are blocked. Allow them in your browser's site settings.",
    'notify-unasked':
      "Notifications aren't allowed in this browser yet. Choose again to allow them.",
    'notify-per-room': 'Choose notifications in the menu (⋯) of a room.',
    'notify-needs-name': 'Choose a name so others can mention you.',
    'notify-offer': "Notify me when I'm mentioned?",
    yes: 'Yes',
    'not-now': 'Not now',
  },
  {
    notifications: '通知',
    'notify-all': '全部消息',
    'notify-mentions': '仅提及我的',
    'notify-none': '关闭',
    'notify-on': '已开启“{room}”的通知',
    'notify-unsupported': '此浏览器不支持网页通知。',
    'notify-insecure': '通知需要 HTTPS。',
    'notify-denied': '通知已被阻止，请在浏览器的网站设置中允许。',
    'notify-unasked': '此浏览器尚未允许通知，请再次选择以允许。',
    'notify-per-room': '通知可在聊天室的菜单（⋯）中选择。',
    'notify-needs-name': '设置昵称后，别人才能提及你。',
    'notify-offer': '有人提及我时通知我？',
    yes: '好',
    'not-now': '暂不',
  },
);
