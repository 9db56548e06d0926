namespace AccountGrid.Host.Prices;

/// <summary>How far customers have been told of a version of a product.</summary>
/// <param name="State"><c>waiting</c>: the version does not count in the log yet; <c>running</c>; <c>listed</c>: all accounts were gone through, and
/// whoever joins is told; <c>withdrawn</c>; or <c>none</c>: nobody is told, since it is the product's first version or begins on any day.</param>
/// <param name="AccountsThrough">Number of the last account that was looked at.</param>
/// <param name="Given">Accounts whose customers were told, those whose messages were withdrawn later included.</param>
/// <param name="Late">Of these, messages that leave later than the account's policy pack asks for.</param>
/// <param name="WithoutPast">Of these, messages that say nothing of past months: no closed day is known, or there are too many.</param>
/// <param name="Refused">Accounts that had left the product when they were to be told.</param>
/// <param name="Withdrawn">Accounts whose customers were told that the price does not come.</param>
/// <param name="NotLeft">Accounts whose first message had not left when the version was withdrawn, and does not leave.</param>
public sealed record PriceNoticesAnswer(
    string Product, int Version, DateOnly? EffectiveFrom, string State, int AccountsThrough, long Given, long Late, long WithoutPast, long Refused,
    long Withdrawn, long NotLeft);
