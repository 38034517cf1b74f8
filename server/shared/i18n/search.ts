import { defineMessages } from './define-messages.ts';

/** Search and history. */
export const search = defineMessages(
  {
    search: 'Search',
    'search-for': 'Search messages',
    'search-is': 'Finds messages with all these words. Use "quotes" for exact phrases.',
    'nothing-found': 'No results.',
    'older-found': 'Older results',
    'still-indexing': 'Still indexing older messages ({percent} %). More results may appear later.',
    'back-to-room': 'Back to the room',
    'is-past': "You're viewing older messages.",
    'loading-newer': 'Loading newer messages…',
    'newer-failed': "Couldn't load newer messages.",
    newer: 'Newer messages',
  },
  {
    search: '搜索',
    'search-for': '搜索消息',
    'search-is': '查找包含所有词的消息。用“引号”搜索完整短语。',
    'nothing-found': '没有结果。',
    'older-found': '更早的结果',
    'still-indexing': '正在为较早的消息建立索引（{percent}%），稍后可能会有更多结果。',
    'back-to-room': '返回聊天室',
    'is-past': '你正在查看更早的消息。',
    'loading-newer': '正在加载更新的消息…',
    'newer-failed': '无法加载更新的消息。',
    newer: '更新的消息',
  },
);
