namespace AccountGrid.LoadTest.Years;

internal enum Manner
{
    /// <summary>Pays when told, in time.</summary>
    Prompt,

    /// <summary>Pays when it gets serious.</summary>
    Late,

    /// <summary>Pays a part of it, again and again.</summary>
    Partial,

    /// <summary>Pays when it is dark.</summary>
    Stubborn,
}
