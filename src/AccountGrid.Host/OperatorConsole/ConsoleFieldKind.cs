namespace AccountGrid.Host.OperatorConsole;

/// <summary>How a field is entered and sent.</summary>
public enum ConsoleFieldKind
{
    /// <summary>One line of text.</summary>
    Text,

    /// <summary>A decimal string.</summary>
    Money,

    /// <summary>A local day.</summary>
    Day,

    /// <summary>A local day and time in the account's zone, sent with its offset.</summary>
    Instant,

    /// <summary>One of a few values.</summary>
    Choice,

    /// <summary>A number.</summary>
    Number,

    /// <summary>Yes or no.</summary>
    Check,

    /// <summary>Instalments, one on each line: a day and an amount.</summary>
    Instalments,

    /// <summary>Text of several lines, 2,000 characters at most.</summary>
    Lines,

    /// <summary>A JSON object.</summary>
    Document,

    /// <summary>A password, which no page shows.</summary>
    Secret,

    /// <summary>Sent as it is shown, and not entered.</summary>
    Hidden,
}
