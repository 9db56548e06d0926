namespace AccountGrid.Domain.Customers;

/// <summary>
/// What is known of a customer's payments when its risk is evaluated, over all its accounts. Amounts are of one currency. A bill whose claim is not certain is
/// left out for as long as that lasts: it is neither late nor paid.
/// </summary>
/// <param name="Today">The local day of the evaluation, a day number. What happened on it or later does not count yet.</param>
/// <param name="SinceDay">The first day of the customer's oldest contract in force.</param>
/// <param name="Promises">Promises to pay, with the day that was promised.</param>
/// <param name="Instalments">Instalments of payment plans and debt agreements, with their due days.</param>
/// <param name="ReturnDays">Days on which a payment of the customer was returned by its bank for lack of funds or by the customer's own order.</param>
public sealed record PaymentHistory(
    int Today,
    int SinceDay,
    IReadOnlyList<OwedAmount> Bills,
    IReadOnlyList<OwedAmount> Promises,
    IReadOnlyList<OwedAmount> Instalments,
    IReadOnlyList<int> ReturnDays,
    IReadOnlyList<PrepaidMonth> PrepaidMonths,
    IReadOnlyList<MonthUse> Use,
    IReadOnlyList<RecordedBreach> Breaches);
