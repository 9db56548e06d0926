namespace AccountGrid.Host.OperatorConsole;

/// <param name="Back">Where the operator wanted to go: a path of the console.</param>
/// <param name="IsFirst">Nobody can sign in yet.</param>
/// <param name="Kept">A form that was sent when its session was over; null is none.</param>
/// <param name="IsOpen">The connection is not encrypted and leaves this machine.</param>
public sealed record SignInModel(bool IsSetup, string Back, string Name = "", string? Error = null, bool IsFirst = false, bool IsOpen = false,
    KeptForm? Kept = null)
{
    /// <summary>Operators can sign in through a provider of OpenID Connect.</summary>
    public bool HasProvider { get; init; }

    /// <summary>Somebody whom a provider signed in has just signed out here, and is still signed in there.</summary>
    public bool IsOut { get; init; }
}
