import { defineMessages } from './define-messages.ts';

/** The projector page. */
export const projector = defineMessages(
  {
    'presenter-view': 'Presenter view',
    join: 'Join',
    'pinned-messages': 'Pinned',
    'latest-messages': 'Latest messages',
    'poll-of': '{number} of {count}: {question}',
    'previous-poll': 'Previous poll',
    'next-poll': 'Next poll',
    'all-polls': 'All polls',
    'blank-screen': 'Blank screen',
    resume: 'Resume',
    'full-screen': 'Full screen',
    'keyboard-shortcuts': 'Keyboard shortcuts',
    'any-key': 'any key',
    'is-open': 'open',
  },
  {
    'presenter-view': '投屏',
    join: '加入',
    'pinned-messages': '置顶消息',
    'latest-messages': '最新消息',
    'poll-of': '第 {number} 个，共 {count} 个：{question}',
    'previous-poll': '上一个投票',
    'next-poll': '下一个投票',
    'all-polls': '所有投票',
    'blank-screen': '黑屏',
    resume: '恢复显示',
    'full-screen': '全屏',
    'keyboard-shortcuts': '键盘快捷键',
    'any-key': '任意键',
    'is-open': '进行中',
  },
);
