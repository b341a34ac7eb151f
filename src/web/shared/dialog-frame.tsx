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
        <Dialog className="dialog" role={props.role ?? 'dialog'}>
          <Heading slot="title" className="dialog-title">
            {props.title}
          </Heading>
          {props.children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
