import type { JoinLink } from '../lib/join-link.ts';
import { initMenus } from '../lib/menus.ts';
import { initCodeBlocks } from './code-blocks.ts';
import { initEmojiPicker } from './emoji-picker.ts';
import { initInvite } from './invite.ts';
import { initLightbox } from './lightbox.ts';
import { Panel } from './panel.ts';
import { initRoomJump } from './room-jump.ts';
import { initScrollToEnd } from './scroll-to-end.ts';
import { initSettings } from './settings-dialog.ts';
import { Sidebar } from './sidebar.ts';
import type { Timeline } from './timeline.ts';

/** The parts of the page around the messages, which need nothing of the connection. */
export function initPageParts(timeline: Timeline, joinLink: JoinLink): void {
  new Sidebar(timeline.room);
  new Panel();
  initMenus();
  initRoomJump();
  initInvite(joinLink);
  initSettings();
  initEmojiPicker();
  initScrollToEnd(timeline);
  initLightbox();
  initCodeBlocks();
}
