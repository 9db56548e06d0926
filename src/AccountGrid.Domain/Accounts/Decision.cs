using AccountGrid.Domain.Events;

namespace AccountGrid.Domain.Accounts;

/// <summary>An event, or a refusal.</summary>
public readonly record struct Decision(AccountEvent? Event, Refusal? Refusal)
{
    public static implicit operator Decision(AccountEvent happened) => new(happened, null);

    public static Decision Refuse(RefusalCode code, string detail) => new(null, new Refusal(code, detail));
}
