using AccountGrid.Host.Customers;
using AccountGrid.Host.Grades;

namespace AccountGrid.Host.Collections;

/// <param name="Contact">Numbers and addresses in the clear; null if there are none.</param>
/// <param name="Messages">Messages to the customer, newest first, with where they went.</param>
/// <param name="Texts">What was written about the customer: references, reasons, notes, oldest first.</param>
/// <param name="Mandates">Whose bank accounts may be debited, in the clear.</param>
/// <param name="Customer">The registered customer that owns the account; null is none.</param>
/// <param name="Notes">Notes about the customer, the newest first.</param>
/// <param name="Grade">The customer's risk grade, its evaluations, and what was established about the customer.</param>
public sealed record PersonalDataAnswer(string Account, ContactRequest? Contact, IReadOnlyList<PersonalMessage> Messages, IReadOnlyList<PersonalText> Texts,
    IReadOnlyList<PersonalMandate> Mandates, CustomerProfileAnswer? Customer = null, CustomerGradeAnswer? Grade = null,
    IReadOnlyList<NoteAnswer>? Notes = null);
