namespace AccountGrid.Contracts;

/// <summary>What a caller is. The order is stored: add at the end only.</summary>
public enum KeyRole
{
    /// <summary>Pushes readings of its own meters, takes and reports relay commands.</summary>
    Gateway = 0,

    /// <summary>A company's own program: queries, payments, providers' reports.</summary>
    Client = 1,

    /// <summary>Everything.</summary>
    Administrator = 2,

    /// <summary>Works on the arrears of one area.</summary>
    Collector = 3,

    /// <summary>Looks after customers of their own.</summary>
    AccountManager = 4,

    /// <summary>Reads everything, changes nothing.</summary>
    Auditor = 5,

    /// <summary>One account's own holder, through a token that a client signed; never a key.</summary>
    Customer = 6,

    /// <summary>A payment channel: asks what can be paid, and pays.</summary>
    Channel = 7,

    /// <summary>A terminal of an agent: sells out of the agent's float.</summary>
    Agent = 8,
}
