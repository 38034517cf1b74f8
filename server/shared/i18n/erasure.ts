import { defineMessages } from './define-messages.ts';

/** What is stored about a user: downloading and erasing it. */
export const erasure = defineMessages(
  {
    'your-data': 'Your data',
    'your-data-hint': 'Download or erase what is stored about you on this server.',
    'your-data-of-guest':
      'You have no name here. This page is about what this browser tab did as a guest; another tab may be another guest.',
    'download-my-data': 'Download my data',
    'download-my-data-hint':
      'A text file with a line of JSON for everything that is stored about you. It names your attachments; the files themselves are in their rooms.',
    'erase-my-data': 'Erase my data',
    'erase-is-final':
      "This can't be undone, by anyone. Download your data first if you may need it.",
    'erased-for-good': 'Erased for everyone',
    'erases-messages':
      'Your messages and polls, with their files and votes. "Message deleted" stays in their place, without your name.',
    'erases-traces':
      'What others quoted of you, your reactions, and answers that no one else gave.',
    'erases-account':
      'Your name and password, your sign-ins on all devices, what you have read, prepared polls, reports, mutes and bans.',
    'not-erased': 'Kept',
    'keeps-votes': 'Your votes stay in the counts, without saying whose they were.',
    'keeps-others': 'What others wrote, even where they mention your name.',
    'keeps-rooms':
      'Rooms that you created, with their title and topic. They have no owner any more.',
    'keeps-backups': 'Backups of the server, until its operator deletes them.',
    'erases-owner':
      'You own this server. Afterwards no one does, until its operator prints a new link with "typhoon owner".',
    'erase-for-good': 'Erase everything',
    'data-erased': 'Your data is erased',
    'data-erased-hint':
      'You are signed out everywhere. What you wrote disappears from all rooms within minutes.',
    'confirm-erase': 'Erase all data of {who}?',
    'erase-person-warning':
      "Their messages, polls, files, reactions and name are deleted for everyone, in all rooms, and they are signed out. Votes stay in the counts. This can't be undone.",
    'erase-person': 'Erase all data',
    'person-is-erased':
      'The data is being erased. What is left in the rooms disappears within minutes.',
  },
  {
    'your-data': '你的数据',
    'your-data-hint': '下载或清除此服务器上与你有关的数据。',
    'your-data-of-guest':
      '你还没有昵称。此页面只涉及这个标签页以访客身份留下的内容；其他标签页可能是另一位访客。',
    'download-my-data': '下载我的数据',
    'download-my-data-hint':
      '一个文本文件，每行是一条与你有关的 JSON 记录。其中列出你的附件，文件本身仍在各聊天室中。',
    'erase-my-data': '清除我的数据',
    'erase-is-final': '此操作无法撤销，任何人都无法恢复。如有需要，请先下载你的数据。',
    'erased-for-good': '对所有人清除',
    'erases-messages': '你的消息和投票，连同文件和票数。原处保留“消息已删除”，不显示你的昵称。',
    'erases-traces': '他人引用你的内容、你的表情回应，以及只有你提交过的回答。',
    'erases-account':
      '你的昵称和密码、所有设备上的登录、已读位置、备用投票、举报、禁言和移出记录。',
    'not-erased': '保留',
    'keeps-votes': '你的投票仍计入结果，但不再显示是谁投的。',
    'keeps-others': '其他人写的内容，即使其中提到你的昵称。',
    'keeps-rooms': '你创建的聊天室及其标题和主题，但不再有房主。',
    'keeps-backups': '服务器的备份，直到运维人员将其删除。',
    'erases-owner':
      '你是此服务器的所有者。清除后服务器将没有所有者，直到运维人员用“typhoon owner”生成新链接。',
    'erase-for-good': '全部清除',
    'data-erased': '你的数据已清除',
    'data-erased-hint': '你已在所有设备上退出登录。你写的内容将在几分钟内从所有聊天室消失。',
    'confirm-erase': '清除 {who} 的全部数据？',
    'erase-person-warning':
      '其在所有聊天室的消息、投票、文件、回应以及昵称将对所有人删除，并退出登录。投票仍计入结果。此操作无法撤销。',
    'erase-person': '清除全部数据',
    'person-is-erased': '正在清除数据。聊天室中的剩余内容将在几分钟内消失。',
  },
);
