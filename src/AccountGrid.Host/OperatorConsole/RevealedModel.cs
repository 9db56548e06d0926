namespace AccountGrid.Host.OperatorConsole;

/// <summary>What an action made and nobody is shown again.</summary>
/// <param name="Action">Its name.</param>
/// <param name="Secret">The key.</param>
/// <param name="Back">Where to go on.</param>
public sealed record RevealedModel(string Action, string Secret, string Back);
