import { defineMessages } from './define-messages.ts';

/** The projector page. */
export const projector = defineMessages(
  {
    present: 'Presenter view',
    join: 'Join',
    'pinned-messages': 'Pinned',
    'latest-messages': 'Latest messages',
    'poll-of': '{number} of {count}: {question}',
    'earlier-poll': 'Previous poll',
    'later-poll': 'Next poll',
    'all-polls': 'All polls',
    'blank-screen': 'Blank screen',
    'show-again': 'Resume',
    'whole-screen': 'Full screen',
    keys: 'Keyboard shortcuts',
    'any-key': 'any key',
    'is-open': 'open',
  },
  {
    present: '投屏',
    join: '加入',
    'pinned-messages': '置顶消息',
    'latest-messages': '最新消息',
    'poll-of': '第 {number} 个，共 {count} 个：{question}',
    'earlier-poll': '上一个投票',
    'later-poll': '下一个投票',
    'all-polls': '所有投票',
    'blank-screen': '黑屏',
    'show-again': '恢复显示',
    'whole-screen': '全屏',
    keys: '键盘快捷键',
    'any-key': '任意键',
    'is-open': '进行中',
  },
);
