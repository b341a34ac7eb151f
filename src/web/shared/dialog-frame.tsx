/** A dialog over the screen: heading, content, and its buttons at the end. Escape closes it. */
import type { ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';

export function DialogFrame(props: {
  title: string;
  role?: 'dialog' | 'alertdialog';
  onClose: () => void;
  /** Escape does not close it either. */
  isFixed?: boolean;
  children: ReactNode;
}) {
  return (
    <ModalOverlay
      className="overlay"
      isOpen
      isDismissable={props.role !== 'alertdialog'}
      isKeyboardDismissDisabled={props.isFixed ?? false}
      onOpenChange={(open) => {
        if (!open) props.onClose();
      }}
    >
      <Modal className="modal">
        <Dialog className="dialog" ref={keepFocus} role={props.role ?? 'dialog'}>
          <Heading slot="title" className="dialog-title">
            {props.title}
          </Heading>
          {props.children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

/**
 * A button that vanishes or is disabled under its own press takes the focus with it, and with the focus go Escape and
 * Tab: the dialog itself takes it then, and a key that is quicker than that is the dialog's all the same. Returns the
 * function that ends this.
 */
function keepFocus(dialog: HTMLElement | null): (() => void) | undefined {
  if (dialog === null) return undefined;
  let frame = 0;
  const observer = new MutationObserver(() => {
    cancelAnimationFrame(frame);
    // A new button may want the focus for itself, and a browser lets go of a disabled one only after painting.
    frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => {
        const { activeElement } = document;
        if (activeElement === null || activeElement === document.body) dialog.focus();
      });
    });
  });
  observer.observe(dialog, { childList: true, subtree: true, attributeFilter: ['disabled'] });
  const handOver = (event: KeyboardEvent): void => {
    if (event.target !== document.body) return;
    if (dialog.closest('[inert]') !== null) return; // another dialog lies above this one
    if (event.key === 'Tab') dialog.focus();
    if (event.key !== 'Escape') return;
    event.stopImmediatePropagation();
    dialog.dispatchEvent(new KeyboardEvent(event.type, event));
  };
  document.addEventListener('keydown', handOver, { capture: true });
  return () => {
    cancelAnimationFrame(frame);
    observer.disconnect();
    document.removeEventListener('keydown', handOver, { capture: true });
  };
}
