//! The reference city, the native model file and change sets, through the workspace.

mod city;
mod naive;
mod random;
mod support;
