using System.Diagnostics.CodeAnalysis;

namespace AccountGrid.Host.Http;

/// <summary>A stable code by which programs tell warnings apart. Codes exist only in <see cref="WarningCodes"/>: no other can be made.</summary>
internal sealed class WarningCode
{
    internal WarningCode(string text) => Text = text;

    /// <summary>The code as it is sent and logged: a subject, a point and what is wrong, such as <c>disk.low</c>.</summary>
    public string Text { get; }

    /// <summary>Gives <see cref="Text"/>, for everything that sends or logs the code.</summary>
    [return: NotNullIfNotNull(nameof(code))]
    public static implicit operator string?(WarningCode? code) => code?.Text;

    public override string ToString() => Text;
}
