namespace AccountGrid.Domain.Commands;

/// <summary>What the fold made of a command: kept under its position and answered again to whoever asks again.</summary>
/// <param name="Position">Position of the command's record in its partition.</param>
/// <param name="Refusal">Why it was refused; null where it was carried out.</param>
/// <param name="Balance">The account's balance right after it.</param>
public sealed record CommandOutcome(long Position, Refusal? Refusal, Money Balance)
{
    public bool Accepted => Refusal is null;
}
