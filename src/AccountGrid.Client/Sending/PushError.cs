namespace AccountGrid.Client.Sending;

/// <summary>A line that was rejected.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Code">Stable code.</param>
/// <param name="Detail">A sentence with the field, the value and what would be right.</param>
/// <param name="Resend">later, corrected or never.</param>
internal sealed record PushError(int Line, string Code, string Detail, string Resend)
{
    public const string Later = "later";
}
