namespace AccountGrid.Host.Payments;

/// <summary>What can be paid, and how much of it.</summary>
/// <param name="Result"><c>ok</c>, <c>nothing_owed</c> (credit in advance is taken), <c>no_such_account</c> or <c>closed_account</c>.</param>
/// <param name="Retry"><c>never</c>, <c>later</c> or <c>now</c>: whether asking again can have another result.</param>
/// <param name="QueryRef">Goes into the payment; null where nothing can be paid.</param>
/// <param name="Balance">Live balance, decimal string; negative is owed.</param>
/// <param name="Owed">To be paid: unpaid bills with late fees, or what a prepaid balance is below zero by.</param>
/// <param name="Min">Least amount that the channel takes.</param>
/// <param name="Max">Largest amount that the channel takes.</param>
/// <param name="Dues">What <paramref name="Owed"/> is made of, oldest first, late fees left out.</param>
/// <param name="ValidUntil">Until when a payment may name the query.</param>
public sealed record ChannelQueryAnswer(
    string Result,
    string Retry,
    ChannelText CustomerText,
    string? QueryRef = null,
    string? Account = null,
    string? Mode = null,
    string? Currency = null,
    string? Balance = null,
    string? Owed = null,
    string? LateFees = null,
    string? Min = null,
    string? Max = null,
    string? Exactness = null,
    IReadOnlyList<ChannelDue>? Dues = null,
    DateTimeOffset? ValidUntil = null);
