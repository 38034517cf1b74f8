import { defineMessages } from './define-messages.ts';

/** Files that are sent. */
export const attachments = defineMessages(
  {
    attach: 'Add files',
    attached: 'Files to send',
    'remove-file': 'Remove {name}',
    'retry-file': 'Try {name} again',
    'drop-here': 'Drop the files to send them here',
    'as-it-is': 'goes as it is, with all that is in it',
    'first-frame': 'only the first frame: an animation in this format cannot be kept',
    'play-picture': 'Play',
    'stop-picture': 'Stop',
    'files-on-their-way': 'It is sent as soon as the files are there.',
    'files-failed': 'Not all files got through. Try them again, or remove them.',
    'file-failed': 'It did not get through.',
    'file-failed-with':
      'It did not get through: something on the way to the server answered {status}.',
    'too-large-on-the-way': 'This file is too large for the proxy on the way to the server.',
    'file-lost': 'The server does not have it any more. Try it again, or add it anew.',
    'too-many-files': 'A message carries 20 files at most.',
  },
  {
    attach: '添加文件',
    attached: '要发送的文件',
    'remove-file': '移除 {name}',
    'retry-file': '重试 {name}',
    'drop-here': '把文件放到这里发送',
    'as-it-is': '原样发送，包括其中的全部信息',
    'first-frame': '只保留第一帧：无法保留此格式的动画',
    'play-picture': '播放',
    'stop-picture': '停止',
    'files-on-their-way': '文件传完后就发送。',
    'files-failed': '有的文件没传上去，请重试或移除。',
    'file-failed': '没能传上去。',
    'file-failed-with': '没能传上去：途中的服务器返回了 {status}。',
    'too-large-on-the-way': '文件太大，通往服务器途中的代理不接受。',
    'file-lost': '服务器上已经没有它了，请重试或重新添加。',
    'too-many-files': '一条消息最多带 20 个文件。',
  },
);
