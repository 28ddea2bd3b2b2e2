"""The skeleton: bones placed by a pose, contacts, anchors, hands, joints."""
