//! What an action pattern stands for.

use crate::action::Action;
use crate::glob;
use crate::load::Reference;

impl Reference {
    /// The actions that `pattern` covers, by service and name; `pattern` is written as in a policy's `Action`.
    ///
    /// ```
    /// # let text = std::fs::read_to_string("../../data/services.txt").unwrap();
    /// # let reference = reference::Reference::load(text).unwrap();
    /// let names = |pattern| reference.expand(pattern).map(|action| action.to_string()).collect::<Vec<_>>();
    /// assert_eq!(names("sts:assumerole"), ["sts:AssumeRole"]);
    /// assert_eq!(names("s3:*Acl")[..2], ["s3:GetBucketAcl", "s3:GetObjectAcl"]);
    /// assert!(names("*").len() > 20_000);
    /// // A name without a service stands for nothing.
    /// assert!(names("GetObject").is_empty());
    /// ```
    pub fn expand<'r>(&'r self, pattern: &str) -> impl Iterator<Item = Action<'r>> {
        let (prefix, name) = if pattern == "*" { ("*", "*") } else { pattern.split_once(':').unwrap_or_default() };
        let one = self.service(prefix);
        let many = glob::is_pattern(prefix).then(|| self.services().filter(move |s| glob::covers(prefix, s.prefix())));
        let start = name.split(['*', '?']).next().unwrap_or("");
        one.into_iter().chain(many.into_iter().flatten()).flat_map(move |service| {
            let actions = (!name.is_empty()).then(|| service.actions_starting(start));
            actions.into_iter().flatten().filter(move |action| glob::covers(name, action.name()))
        })
    }
}
