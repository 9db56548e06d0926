namespace AccountGrid.Host.Collections;

/// <param name="Contact">Numbers and addresses in the clear; null if there are none.</param>
/// <param name="Messages">Messages to the customer, newest first, with where they went.</param>
/// <param name="Texts">What was written about the customer: references, reasons, notes, oldest first.</param>
public sealed record PersonalDataAnswer(string Account, ContactRequest? Contact, IReadOnlyList<PersonalMessage> Messages, IReadOnlyList<PersonalText> Texts);
