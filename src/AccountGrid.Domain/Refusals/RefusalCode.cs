using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace AccountGrid.Domain.Refusals;

/// <summary>
/// A stable code by which programs tell refusals apart. Codes exist only in <see cref="RefusalCatalogue"/>: no other can be made. A code and its meaning never
/// change, and no code is removed, since outcomes are kept under it.
/// </summary>
[JsonConverter(typeof(RefusalCodeConverter))]
public sealed class RefusalCode
{
    internal RefusalCode(string text, int status, string title, string action) => (Text, Status, Title, Action) = (text, status, title, action);

    /// <summary>The code as it is stored and sent: a subject, a point and a reason, such as <c>account.unknown</c>.</summary>
    public string Text { get; }

    /// <summary>HTTP status of an answer with this code; 0 where the code only marks an item or a reason within an answer.</summary>
    public int Status { get; }

    /// <summary>What the code means, as one sentence.</summary>
    public string Title { get; }

    /// <summary>What the caller can do, as one or two sentences.</summary>
    public string Action { get; }

    /// <summary>Gives <see cref="Text"/>, for everything that stores or sends the code.</summary>
    [return: NotNullIfNotNull(nameof(code))]
    public static implicit operator string?(RefusalCode? code) => code?.Text;

    public override string ToString() => Text;
}
